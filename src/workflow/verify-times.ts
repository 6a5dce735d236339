/** For how many seconds the network may take to be good, unless the workflow says so or the soak is derived. */
export const DEFAULT_WITHIN = 180

/** For how many seconds it must stay good where nothing more is known: the shortest soak that is ever derived. */
export const DEFAULT_STABLE_FOR = 30
