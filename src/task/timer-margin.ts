/** The least time that must be left on a commit timer for eosflow to rely on it, in seconds by the switch's clock. */
export const TIMER_MARGIN = 20
