// A video that could not be analysed: it can still be deleted.
import { wireRemoval } from "./eyes-remove.js";

wireRemoval();
