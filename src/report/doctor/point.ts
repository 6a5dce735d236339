export interface Point {
  /** `skipped`: it could not be looked at, because of another point or because there is nothing to look at. */
  readonly health: 'good' | 'warning' | 'failed' | 'skipped'
  readonly says: string
  readonly mend?: string
}

export interface DoctorSection {
  readonly title: string
  readonly device?: string
  readonly points: readonly Point[]
}

export const good = (says: string): Point => ({ health: 'good', says })

export const warning = (says: string, mend: string): Point => ({ health: 'warning', says, mend })

export const failed = (says: string, mend: string): Point => ({ health: 'failed', says, mend })

export const skipped = (says: string): Point => ({ health: 'skipped', says })
