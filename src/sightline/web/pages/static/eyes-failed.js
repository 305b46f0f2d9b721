// A video that could not be analysed: it can still be deleted.
import { tellExpiry } from "./eyes-kept.js";
import { wireRemoval } from "./eyes-remove.js";

tellExpiry();
wireRemoval();
