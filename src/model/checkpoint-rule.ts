/** What becomes of the checkpoints that earlier changes have left on a switch: those that nobody needs are deleted, or none. */
export const CHECKPOINT_RULES = ['prune', 'keep'] as const

/** One of {@link CHECKPOINT_RULES}. */
export type CheckpointRule = (typeof CHECKPOINT_RULES)[number]
