# The gaze function as an image. From the repository's root:
#
#     docker build --file deploy/gaze.Dockerfile --provenance=false --tag sightline-gaze .
#     docker run --rm --publish 127.0.0.1:9000:8080 sightline-gaze
#     curl http://127.0.0.1:9000/2015-03-31/functions/function/invocations \
#       --data '{"httpMethod": "GET", "path": "/health", "headers": {}, "body": null}'
#
# (--provenance=false: Lambda takes an image, not the index around it that attestations make.)
#
# The base is AWS's own, patched by AWS under this tag. To nail it down by digest as well, append what
# `docker buildx imagetools inspect public.ecr.aws/lambda/python:3.12` prints (`:3.12@sha256:...`) to both lines; from
# then on Dependabot (.github/dependabot.yml) proposes each newer digest.
FROM public.ecr.aws/lambda/python:3.12 AS package
WORKDIR /build
COPY LICENSE NOTICE ./
COPY deploy/ deploy/
COPY src/ src/
# Wheels by the hashes of the lock and nothing that never runs: the same content as the function's zip.
RUN python3 deploy/package.py gaze --unpacked /package

FROM public.ecr.aws/lambda/python:3.12
LABEL org.opencontainers.image.title="Sightline: eye movements" \
      org.opencontainers.image.description="An AWS Lambda function: a video of a face in, its eye movements out." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=package /package ${LAMBDA_TASK_ROOT}/
# Lambda runs every function as a user of its own without rights, whatever stands here; elsewhere this one has none.
# There is no HEALTHCHECK: Lambda runs none. A function is asked by GET /health.
USER 993:990
CMD ["lambda_function.lambda_handler"]
