import type { Annotation } from './annotation.ts'
import { githubAnnotations } from './github.ts'
import { gitlabReport } from './gitlab.ts'
import { sarifLog } from './sarif.ts'

/** What a format needs beside the annotations. */
export interface AnnotationGround {
  /** The file that stands for what is no file, by its path from the root of the repository. */
  readonly settings: string
  /** The version of eosflow. */
  readonly version: string
}

/** Annotations, by format. A document ends with a line break. */
export const annotationsAs: Readonly<
  Record<'github' | 'gitlab' | 'sarif', (annotations: readonly Annotation[], ground: AnnotationGround) => string>
> = {
  github: (annotations) => githubAnnotations(annotations),
  gitlab: (annotations, { settings }) => gitlabReport(annotations, settings),
  sarif: (annotations, { settings, version }) => sarifLog(annotations, version, settings),
}
