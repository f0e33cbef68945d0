import { readTree } from './docs/generate/tree.ts'
import { unexplainedCasts } from './test/house/casts.ts'
console.log(unexplainedCasts(readTree('src','.ts')).join('\n'))
