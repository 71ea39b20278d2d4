/** Where the focus goes when what floats over the page closes: back to where it was in the page. */

let inPage: HTMLElement | null = null;

/** Called before the focus moves into a dialog. One that opens out of another, or out of a menu, goes back to the page. */
export function rememberFocus(): HTMLElement | null {
  const active = document.activeElement;
  if (active === null || active === document.body) inPage = null;
  else if (active instanceof HTMLElement && active.closest('[role=dialog], [role=menu]') === null)
    inPage = active;
  return inPage;
}

/** For `onCloseAutoFocus`: a dialog without a trigger of its own would leave the focus nowhere. */
export function returnFocus(event: Event, to: HTMLElement | null): void {
  event.preventDefault();
  // What was done in the dialog may have taken it already.
  const isFree = document.activeElement === null || document.activeElement === document.body;
  if (isFree && to?.isConnected === true) to.focus();
}
