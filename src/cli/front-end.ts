import type { FrontEnd } from '../trial/front-end.ts'
import { exitOf } from './exit-code.ts'
import { hintWords } from './hint-words.ts'

/** How a trial ends and speaks, as the command that it tries does. */
export const frontEnd: FrontEnd = { exitOf, words: hintWords }
