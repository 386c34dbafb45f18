export type { ByteSink, ByteSource } from './source.js';
export { Header } from './header.js';
export type { Card, CardValue } from './header.js';
