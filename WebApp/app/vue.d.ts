// The part of Vue 3.5 that the page uses. The wheel that carries Vue has no types.

export interface Ref<T> {
  value: T;
}
export interface ReadonlyRef<T> {
  readonly value: T;
}
export interface VNode {
  readonly el: unknown;
  readonly key: unknown;
}
// deno-lint-ignore no-explicit-any
type Any = any;
export type Child = VNode | string | number | boolean | null | undefined | Child[];
export type Slots = { [name: string]: ((...values: Any[]) => Child) | undefined };
export interface Context {
  slots: Slots;
  attrs: Record<string, unknown>;
  emit: (event: string, ...values: unknown[]) => void;
  expose: (value: Record<string, unknown>) => void;
}
export interface Component {
  readonly name?: string;
}
export type FunctionalComponent = (props: Any, context: Context) => Child;
export interface App {
  mount(element: Element | string): unknown;
  unmount(): void;
  config: { errorHandler?: (error: unknown, instance: unknown, info: string) => void };
}
interface Options {
  name?: string;
  props?: Record<string, unknown> | string[];
  emits?: string[];
  inheritAttrs?: boolean;
  setup: (props: Any, context: Context) => () => Child;
}

export function createApp(root: Component, props?: Record<string, unknown>): App;
export function defineComponent(options: Options): Component;
export function h(
  type: string | Component | FunctionalComponent,
  props?: Record<string, Any> | null | Child,
  children?: Child | Record<string, ((...values: Any[]) => Child) | undefined> | (() => Child),
): VNode;
export function ref<T>(value: T): Ref<T>;
export function shallowRef<T>(value: T): Ref<T>;
export function triggerRef(value: Ref<Any>): void;
export function reactive<T extends object>(value: T): T;
export function shallowReactive<T extends object>(value: T): T;
export function toRaw<T>(value: T): T;
export function computed<T>(get: () => T): ReadonlyRef<T>;
export function watch(
  source: Any,
  effect: (value: Any, old: Any, onCleanup: (undo: () => void) => void) => void,
  options?: { immediate?: boolean; deep?: boolean; flush?: "pre" | "post" | "sync" },
): () => void;
export function watchEffect(
  effect: (onCleanup: (undo: () => void) => void) => void,
  options?: { flush?: "pre" | "post" | "sync" },
): () => void;
export function nextTick(then?: () => void): Promise<void>;
export function onMounted(then: () => void): void;
export function onBeforeUnmount(then: () => void): void;
export function onUnmounted(then: () => void): void;
export function onUpdated(then: () => void): void;
export function onErrorCaptured(then: (error: unknown, instance: unknown, info: string) => boolean | void): void;
export function provide(key: string | symbol, value: unknown): void;
export function inject<T>(key: string | symbol, fallback?: T): T;
export function effectScope(detached?: boolean): { run<T>(work: () => T): T; stop(): void };
export const Teleport: Component;
