// The part of SortableJS 1.15 that the board uses. The wheel that carries it has no types.

export interface Moved {
  readonly item: HTMLElement;
  readonly from: HTMLElement;
  readonly to: HTMLElement;
}
export class Sortable {
  static create(element: HTMLElement, options: {
    group: string;
    draggable: string;
    animation: number;
    forceFallback: boolean;
    fallbackOnBody: boolean;
    fallbackTolerance: number;
    ghostClass: string;
    dragClass: string;
    preventOnFilter: boolean;
    filter: (event: PointerEvent) => boolean;
    onStart: (moved: Moved) => void;
    onEnd: (moved: Moved) => void;
  }): Sortable;
  destroy(): void;
  /** Takes what is under the pointer now as the place of the card. */
  _emulateDragOver(): void;
}
