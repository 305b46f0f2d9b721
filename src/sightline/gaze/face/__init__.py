"""Face tracking: where the face is, its 478 landmarks, its blendshapes.

Our own tracker of the nets in MediaPipe's Face Landmarker bundle (Apache-2.0; Kartynnik et al., "Real-time Facial
Surface Geometry from Monocular Video on Mobile GPUs", 2019; Bazarevsky et al., "BlazeFace", 2019; Grishchenko et al.,
"Attention Mesh", 2020), without MediaPipe itself.
"""
