import { html, numberCell, table, textCell } from './html.js';

/** How the gas turns, and how abundance goes with star formation at fixed radius. */
export interface ReportKinematics {
  /** Class, axis, rotation, in sentences. */
  readonly sentences: readonly string[];
  readonly criteria: readonly { readonly text: string; readonly value: number; readonly met: boolean | null }[];
  /** Rotation in the plane, ring by ring [arcsec, km/s]. */
  readonly curve: readonly { readonly radius: number; readonly velocity: number; readonly error: number; readonly bins: number }[];
}

const answers = { true: 'yes', false: 'no', null: 'cannot be told' } as const;
const paragraphs = (sentences: readonly string[]): string => sentences.map((text) => `<p>${html(text)}</p>\n`).join('');

/** The velocity field: what it is, what speaks for it, and the rotation curve. */
export function velocityField(own: ReportKinematics | null): string {
  if (!own) return '';
  const criteria = own.criteria.length ? table([{ html: 'criterion of regular rotation', text: true }, { html: 'value' }, { html: 'met', text: true }],
    own.criteria.map(({ text, value, met }) => ({ cells: [textCell(text), numberCell(value, 3), textCell(answers[`${met}`])] }))) : '';
  const curve = own.curve.length ? `<h3>Rotation in the plane</h3>\n${table([{ html: '<i>R</i> [″]' }, { html: 'v [km/s]' }, { html: '±' }, { html: 'bins' }],
    own.curve.map(({ radius, velocity, error, bins }) => ({ cells: [numberCell(radius, 2), numberCell(velocity, 1), numberCell(error, 1), numberCell(bins, 0)] })))}` : '';
  return paragraphs(own.sentences) + criteria + curve;
}

/** The relation at fixed radius, a paragraph each. */
export const localRelationNotes = (sentences: readonly string[]): string => paragraphs(sentences);
