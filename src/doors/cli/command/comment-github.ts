import { commentOn } from '../forge/comment-on.ts'
import type { Invocation } from '../terminal/io.ts'

/** Shows a plan as a comment on a pull request of GitHub. */
export const run = (invocation: Invocation): Promise<number> => commentOn(invocation, 'github')
