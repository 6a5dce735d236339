import { commentOn } from '../forge/comment-on.ts'
import type { Invocation } from '../terminal/io.ts'

/** Shows a plan as a comment on a merge request of GitLab. */
export const run = (invocation: Invocation): Promise<number> => commentOn(invocation, 'gitlab')
