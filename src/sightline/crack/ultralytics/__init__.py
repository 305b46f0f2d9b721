"""Models that Ultralytics trained or exported (YOLOv8 and later), examined by the project's own code.

An export (`*.onnx`) needs nothing of Ultralytics: letterbox, suppression and masks are written here after the published
behaviour of Ultralytics 8.4 and compared with it in the tests. A checkpoint (`*.pt`) runs through Ultralytics itself.
"""
