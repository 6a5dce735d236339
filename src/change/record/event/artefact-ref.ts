export type ArtefactRef = string
