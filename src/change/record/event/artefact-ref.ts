/** A large text kept beside the journal: `blob:` and its keyed digest. */
export type ArtefactRef = string
