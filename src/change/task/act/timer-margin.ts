/** The least time that must be left on a commit timer for eosflow to rely on it, in seconds by the switch's clock. */
export const TIMER_MARGIN = 20

/**
 * The same once the first switch of several is confirmed, in seconds. It is shorter: from then on putting back is the greater
 * danger, because no timer protects what is confirmed.
 */
export const CONFIRM_MARGIN = 10
