export type { Disk } from './disk.js';
