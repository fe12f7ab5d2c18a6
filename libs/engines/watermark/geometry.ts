/** How the pattern lies in the plane that the receiver analyses. */
export interface Pose {
  /** Analysed pixels per canonical pixel, across and down. */
  scaleX: number;
  scaleY: number;
  rotationDeg: number;
  flipped: boolean;
  /** Place of the tile's origin relative to the plane's centre, in canonical pixels, modulo the tile. */
  shiftX: number;
  shiftY: number;
}

/** Matrix (xx, xy, yx, yy) that takes a canonical frequency to the analysed plane: D^-1 R F for positions D R F. */
export function frequencyMatrix(pose: Pose): [number, number, number, number] {
  const angle = (pose.rotationDeg * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const mirror = pose.flipped ? -1 : 1;
  return [(mirror * cos) / pose.scaleX, -sin / pose.scaleX, (mirror * sin) / pose.scaleY, cos / pose.scaleY];
}
