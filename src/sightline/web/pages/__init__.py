"""The pages at /app: both screenings for people, in a browser. Thin: they show, the JSON API does."""
