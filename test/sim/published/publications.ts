import { readAvdLab } from './avd-lab.ts'
import { readCeosLab } from './ceos-lab.ts'
import { readCourseLabs } from './course-labs.ts'
import { AVD_LAB_CLASSES, COURSE_CLASSES, type LabClass, SUZIEQ_CLASSES } from './lab-classes.ts'
import type { PublishedLab } from './published-lab.ts'
import { readSuzieq } from './suzieq.ts'

/** Recorded labs that somebody has published together. */
export interface Publication {
  readonly name: string
  readonly repository: string
  /** The commit that a clone has to have in its work tree. */
  readonly commit: string
  readonly read: (clone: string) => readonly PublishedLab[]
  readonly classes: readonly LabClass[]
}

const AUTOMATION = 'titom73/ansible-arista-network-lab-automation'

/** The recorded labs beside which the simulator is put. Rules were made from the first two; the others were found later. */
export const PUBLICATIONS: readonly Publication[] = [
  {
    name: 'suzieq',
    repository: 'netenglabs/suzieq',
    commit: '584b22ab',
    read: (clone) => [readSuzieq(clone)],
    classes: SUZIEQ_CLASSES,
  },
  {
    name: 'avd-lab',
    repository: AUTOMATION,
    commit: 'e69ea872',
    read: (clone) => [readAvdLab(clone)],
    classes: AVD_LAB_CLASSES,
  },
  {
    name: 'ceos-lab',
    repository: AUTOMATION,
    commit: 'dbb50763',
    read: (clone) => [readCeosLab(clone)],
    classes: AVD_LAB_CLASSES,
  },
  {
    name: 'course',
    repository: 'svstrug/Otus-DC-networks-design',
    commit: '9f380b7c',
    read: readCourseLabs,
    classes: COURSE_CLASSES,
  },
]
