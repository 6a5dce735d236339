import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'

/** A lab whose processes can be killed without ending the test's own. */
export interface KilledLab extends Pick<Lab, 'killAt' | 'killIn' | 'kill' | 'resume'> {
  readonly lab: Lab
}

/** Makes a lab of switches in memory. */
export function startKilledLab(options: LabOptions = {}): KilledLab {
  const lab = openLab(options)
  const { killAt, killIn, kill, resume } = lab
  return { lab, killAt, killIn, kill, resume }
}
