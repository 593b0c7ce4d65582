// Who is told what a search costs, and stops it by throwing. A unit is about what an expression takes to look at a character.

export interface Meter {
  spend(units: number): void;
}
