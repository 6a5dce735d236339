import type { FrontEnd } from '../../../lab/trial/front-end.ts'
import { hintWords } from '../../../report/hint-words.ts'
import { exitOf } from './exit-code.ts'

/** How a trial ends and speaks, as the command that it tries does. */
export const frontEnd: FrontEnd = { exitOf, words: hintWords }
