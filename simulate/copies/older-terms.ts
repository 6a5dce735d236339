/** How the older record is there: a folder that was copied, or a backup that was restored by the documented way. */
export const WAYS = ['copied', 'restored'] as const

/** What is done with the older record. */
export const ACTS = ['resume', 'stop', 'redrive'] as const

/** The numbers of the processes that go on with an older record begin behind those of the first record. */
export const FIRST_LIFE = 1000
