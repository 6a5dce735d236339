/** How EOS says that it did not do what it was told (docs/eos.md 5.3). */
export const PERCENT = /^\s*%/

/** `copy` and its like report trouble inside the messages of a successful result (docs/eos.md 1.3). */
export const COPY_COMPLAINT = /^\s*%|\b(?:error|invalid|failed|cannot|denied|abort(?:ed)?|no space)\b/i
