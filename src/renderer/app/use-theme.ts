/** Light, dark or as the system: one attribute on the root decides all colours. */
import { useEffect, useSyncExternalStore } from 'react';
import { useSession } from '../state/session';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const subscribe = (listener: () => void): (() => void) => {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
};

export function useTheme(): void {
  const { appearance, highContrast, density } = useSession((session) => session.settings);
  const systemIsDark = useSyncExternalStore(subscribe, () => dark.matches);
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset['theme'] = appearance === 'dark' || (appearance === 'system' && systemIsDark) ? 'dark' : 'light';
    dataset['contrast'] = highContrast ? 'high' : 'normal';
    dataset['density'] = density;
  }, [appearance, highContrast, density, systemIsDark]);
}
