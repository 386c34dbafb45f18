/** A rectangle in the scene's coordinates: points (1/72 inch), y downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A figure: what is drawn, in order, on a white page of `width` × `height` points. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** One sentence for those who cannot see the figure. */
  readonly title: string;
  readonly items: readonly Item[];
}

export type Item = PathItem | DotsItem | TextItem | ImageItem | GroupItem;

/** A piece of text in one style; `level` is +1 in a superscript, −1 in a subscript. */
export interface Run {
  readonly text: string;
  readonly level: -1 | 0 | 1;
  readonly italic: boolean;
  readonly bold: boolean;
}

/** Lines and areas; `d` is SVG path text. */
export interface PathItem {
  readonly kind: 'path';
  readonly d: string;
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly strokeWidth: number;
  readonly dash: readonly number[] | null;
  readonly opacity: number;
  /** What it stands for, told where the pointer rests on it. */
  readonly name: string | null;
}

/** A batch of discs of one size. */
export interface DotsItem {
  readonly kind: 'dots';
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly radius: number;
  /** One colour for all, or one for each. */
  readonly fill: string | readonly string[];
  readonly outline: string | null;
}

/** One line of text; `y` is its baseline. */
export interface TextItem {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly runs: readonly Run[];
  readonly size: number;
  readonly colour: string;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Clockwise [deg] about (x, y). */
  readonly rotate: number;
  /** Colour of a rim that keeps the text readable on an image. */
  readonly halo: string | null;
}

/** A PNG stretched over a box. */
export interface ImageItem {
  readonly kind: 'image';
  readonly box: Box;
  readonly png: Uint8Array;
}

/** Items that are cut at the edges of a box. */
export interface GroupItem {
  readonly kind: 'group';
  readonly clip: Box;
  readonly items: readonly Item[];
}

/** Stroke and fill of a path. */
export interface PathStyle {
  /** Nothing is filled unless a colour is given. */
  readonly fill?: string | null;
  /** No line unless a colour is given. */
  readonly stroke?: string | null;
  /** [pt], 0.7 unless given. */
  readonly strokeWidth?: number;
  /** Lengths of dashes and gaps [pt]; a solid line unless given, or none. */
  readonly dash?: readonly number[] | null;
  /** 1 unless given. */
  readonly opacity?: number;
  /** No name unless given. */
  readonly name?: string | null;
}

export function path(d: string, style: PathStyle): PathItem {
  return {
    kind: 'path', d, fill: style.fill ?? null, stroke: style.stroke ?? null, strokeWidth: style.strokeWidth ?? 0.7,
    dash: style.dash?.length ? style.dash : null, opacity: style.opacity ?? 1, name: style.name ?? null,
  };
}

export const clipped = (clip: Box, items: readonly Item[]): GroupItem => ({ kind: 'group', clip, items });

/** A coordinate as text: three decimals, never an exponent. */
export const coordinate = (value: number): string => String(Math.round(value * 1000) / 1000);

/** A line through the points; a point that is not finite interrupts it. */
export function polyline(x: ArrayLike<number>, y: ArrayLike<number>): string {
  let d = '';
  let drawing = false;
  for (let i = 0; i < x.length; i++) {
    const finite = Number.isFinite(x[i]!) && Number.isFinite(y[i]!);
    if (finite) d += `${drawing ? 'L' : 'M'}${coordinate(x[i]!)} ${coordinate(y[i]!)}`;
    drawing = finite;
  }
  return d;
}

export const segment = (x1: number, y1: number, x2: number, y2: number): string => polyline([x1, x2], [y1, y2]);

export const rectangle = ({ x, y, width, height }: Box): string =>
  `M${coordinate(x)} ${coordinate(y)}h${coordinate(width)}v${coordinate(height)}h${coordinate(-width)}Z`;

/** The box that is left when the edges move inwards by so many points. */
export const inset = (box: Box, by: number): Box =>
  ({ x: box.x + by, y: box.y + by, width: box.width - 2 * by, height: box.height - 2 * by });
