// The page on which the photos of a wall are chosen.
import { send } from "./api.js";
import { add } from "./history.js";
import { moment, t } from "./texts.js";
import { byId } from "./ui.js";
import { wallHistory } from "./walls-history.js";
import { photosForm } from "./walls-photos.js";

/** @type {{id: string, wall: string} | null} */
let begun = null; // further attempts go to the same inspection

photosForm({
  hasPhotos: false,
  async begin() {
    if (!begun) {
      const wall = byId("wall", HTMLInputElement).value.trim() || t("walls.script.unnamed", { day: moment(new Date(), { dateStyle: "long" }) });
      const remarks = byId("remarks", HTMLTextAreaElement).value.trim();
      const answer = await send("POST", "/inspections", { json: { wall, ...(remarks ? { remarks } : {}) } });
      begun = { id: answer.inspection_id, wall: answer.wall };
      byId("wall-fields", HTMLFieldSetElement).disabled = true; // the server has them
    }
    return begun.id;
  },
  kept(id) {
    add({ kind: "inspection", id, name: begun?.wall ?? "", href: `/app/walls/${id}` });
  },
});
wallHistory();
