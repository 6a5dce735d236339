import { commentOn } from '../forge/comment-on.ts'
import type { Invocation } from '../terminal/io.ts'

export const run = (invocation: Invocation): Promise<number> => commentOn(invocation, 'github')
