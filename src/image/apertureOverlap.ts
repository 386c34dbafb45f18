/** Area inside the unit circle of the triangle between the origin and the way from p to q; negative when the way runs clockwise. */
function wedge(px: number, py: number, qx: number, qy: number): number {
  const [dx, dy] = [qx - px, qy - py];
  const length = dx * dx + dy * dy;
  const along = px * dx + py * dy;
  const beyond = px * px + py * py - 1;
  const root = along * along - length * beyond;
  const sector = (ax: number, ay: number, bx: number, by: number) => Math.atan2(ax * by - ay * bx, ax * bx + ay * by) / 2;
  if (!(root > 0)) return sector(px, py, qx, qy);
  const enter = Math.max(0, (-along - Math.sqrt(root)) / length);
  const leave = Math.min(1, (-along + Math.sqrt(root)) / length);
  if (enter >= leave) return sector(px, py, qx, qy);
  const [ex, ey, lx, ly] = [px + enter * dx, py + enter * dy, px + leave * dx, py + leave * dy];
  let area = (ex * ly - ey * lx) / 2;
  if (enter > 0) area += sector(px, py, ex, ey);
  if (leave < 1) area += sector(lx, ly, qx, qy);
  return area;
}

/**
 * The exact area of a unit pixel inside an ellipse about the origin, as a function of the pixel's centre. The ellipse is stretched to the
 * unit circle; the pixel becomes a parallelogram, whose part in the circle is a sum of triangles and sectors over its sides.
 * @param a, b semi-axes [pixel]
 * @param cos, sin of the angle of a from +x towards +y
 */
export function discOverlap(a: number, b: number, cos: number, sin: number): (x: number, y: number) => number {
  // Half sides of a pixel in the stretched plane, and how far its corners lie from its centre.
  const [ux, uy, vx, vy] = [cos / 2 / a, -sin / 2 / b, sin / 2 / a, cos / 2 / b];
  const corner = Math.max(Math.hypot(ux + vx, uy + vy), Math.hypot(ux - vx, uy - vy));
  const within = Math.max(0, 1 - corner) ** 2;
  const without = (1 + corner) ** 2;
  const scale = a * b;
  return (x, y) => {
    const [cx, cy] = [(x * cos + y * sin) / a, (y * cos - x * sin) / b];
    const square = cx * cx + cy * cy;
    if (square >= without) return 0;
    if (square <= within && corner < 1) return 1;
    const [x0, y0, x1, y1] = [cx - ux - vx, cy - uy - vy, cx + ux - vx, cy + uy - vy];
    const [x2, y2, x3, y3] = [cx + ux + vx, cy + uy + vy, cx - ux + vx, cy - uy + vy];
    return scale * (wedge(x0, y0, x1, y1) + wedge(x1, y1, x2, y2) + wedge(x2, y2, x3, y3) + wedge(x3, y3, x0, y0));
  };
}
