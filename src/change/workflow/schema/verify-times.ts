/** For how many seconds the network may take to be good, unless the workflow says so or the soak is derived. */
export const DEFAULT_WITHIN = 180

/** For how many seconds it must stay good where nothing more is known: the shortest soak that is derived for lines that can touch traffic. */
export const DEFAULT_STABLE_FOR = 30

/** Seconds for which it must stay good after lines that can touch no traffic, unless the workflow says so. */
export const QUIET_STABLE_FOR = 10
