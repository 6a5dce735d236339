export const CHECKPOINT_RULES = ['prune', 'keep'] as const

export type CheckpointRule = (typeof CHECKPOINT_RULES)[number]
