/** Names of the project's classes. */
import { useMemo } from 'react';
import type { CategoryId } from '../../contract/view-types';
import { useSession } from './session';

export type ClassName = (id: CategoryId) => string;

export function useClassName(): ClassName {
  const categories = useSession((session) => session.project?.categories);
  return useMemo(() => {
    const names = new Map((categories ?? []).map(({ id, name }) => [id, name]));
    return (id) => names.get(id) ?? '';
  }, [categories]);
}
