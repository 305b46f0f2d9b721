"""Two photos of one wall, or more, compared: which cracks are new, which grew, and what the photos cannot tell."""
