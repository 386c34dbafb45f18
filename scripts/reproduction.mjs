/** Writes docs/reproduction-li2025.md: every number of Li et al. (2025) beside ours (needs `npm run build`). */
import { writeFileSync } from 'node:fs';
import { reproduceLi2025, reproductionMarkdown } from '../dist/sample/index.js';

writeFileSync('docs/reproduction-li2025.md', reproductionMarkdown(reproduceLi2025()));
