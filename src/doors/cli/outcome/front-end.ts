import type { FrontEnd } from '../../../lab/trial/trial-app.ts'
import { hintWords } from '../../../report/hint-words.ts'
import { exitOf } from './exit-code.ts'

export const frontEnd: FrontEnd = { exitOf, words: hintWords }
