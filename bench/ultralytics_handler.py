"""The crack function as its guide builds it, for comparison: FastAPI, Mangum and Ultralytics' YOLO on torch.

`bench/lambda.py` runs it with an interpreter that has ultralytics, torch, torchvision, fastapi, mangum,
python-multipart and awslambdaric. The annotated picture goes to SAVE_DIR, as there; nothing is sent to S3.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
from fastapi import FastAPI, File, UploadFile
from mangum import Mangum
from torchvision_cpu import provide_torchvision_ops

provide_torchvision_ops()

from ultralytics import YOLO  # noqa: E402  (needs torchvision's operators)

model: Any = YOLO(os.environ["MODEL_PATH"], task="segment")
folder = Path(os.environ["SAVE_DIR"])
folder.mkdir(parents=True, exist_ok=True)
app = FastAPI()


@app.get("/health")
def health() -> dict[str, Any]:
    return {"status": "healthy", "message": "AI server is running", "model_loaded": True}


@app.post("/detect-crack")
async def detect_crack(file: Annotated[UploadFile, File()]) -> dict[str, Any]:
    picture = cv2.imdecode(np.frombuffer(await file.read(), np.uint8), cv2.IMREAD_COLOR)
    result = model.predict(picture, verbose=False)[0]
    file_id = str(uuid.uuid4())
    cv2.imwrite(str(folder / f"{file_id}.jpg"), result.plot())
    confidences = result.boxes.conf.tolist()
    return {
        "file_id": file_id,
        "has_crack": bool(confidences),
        "confidence": max(confidences, default=0.0),
        "result_url": f"/result/{file_id}",
    }


handler = Mangum(app, lifespan="off")
