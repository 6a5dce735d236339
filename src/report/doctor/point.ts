/** One thing that was looked at. */
export interface Point {
  /** `skipped`: it could not be looked at, because of another point or because there is nothing to look at. */
  readonly health: 'good' | 'warning' | 'failed' | 'skipped'
  readonly says: string
  /** What mends it. */
  readonly mend?: string
}

/** Points that belong together: the installation, the store, the project, or one switch. */
export interface DoctorSection {
  readonly title: string
  /** The switch that it is about; absent for the others. */
  readonly device?: string
  readonly points: readonly Point[]
}

/** Everything is as it should be. */
export const good = (says: string): Point => ({ health: 'good', says })

/** It works, and somebody will be surprised by it. */
export const warning = (says: string, mend: string): Point => ({ health: 'warning', says, mend })

/** It does not work. */
export const failed = (says: string, mend: string): Point => ({ health: 'failed', says, mend })

/** It was not looked at. */
export const skipped = (says: string): Point => ({ health: 'skipped', says })
