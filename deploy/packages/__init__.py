"""How the zip of each Lambda function is made; standard library only, for it also runs inside the images' builder."""
