import type { ReticleBridge } from '../contract/app-calls';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly reticle: ReticleBridge;
  }
}
