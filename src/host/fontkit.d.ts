/** The part of fontkit, which brings no types of its own, that fonts are opened with. */
declare module 'fontkit' {
  export function create(bytes: Uint8Array): object;
}
