export interface RequestTrigger {
  readonly request?: number
  readonly write?: number
  readonly command?: string
}

export interface WrongAnswer extends RequestTrigger {
  readonly kind: 'wrong-answer'
  readonly error?: boolean
}

export interface ErrorLine {
  readonly kind: 'error-line'
  readonly command: string
  readonly message: string
}

interface TypedLines {
  readonly line?: number
  readonly command?: string
}

export interface LineWarning extends TypedLines {
  readonly kind: 'line-warning'
  readonly message: string
}

export interface LineQuestion extends TypedLines {
  readonly kind: 'line-question'
  readonly message: string
}
