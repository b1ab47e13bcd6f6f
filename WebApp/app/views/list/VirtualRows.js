// Thousands of rows of one height, of which only those in sight exist. One row is current: it is the one that Tab leads to, and it exists
// wherever the list is scrolled to, so that the focus is never lost.
import { t } from "../../core/messages.js";
import { computed, defineComponent, h, nextTick, onMounted, onUnmounted, ref, watch } from "../../vue.js";

/** Rows that exist above and below what is in sight. */
const spare = 8;
/** Rows that come into sight at once when somebody scrolls fast. */
const fast = 4;
/** Milliseconds without scrolling after which it has come to rest. */
const rest = 100;
/** Rows that are printed at most. */
const printed = 1000;
/** What was measured last, in pixels: most likely it is right again, and nothing has to be drawn twice. */
const measured = { view: 800, row: 44 };

export const VirtualRows = defineComponent({
  name: "VirtualRows",
  props: {
    /** @type {any} import("./grouping.js").Row[] */
    rows: { type: Array, required: true },
    /** Rows that will be there when all is loaded: the place for them is kept. */
    expected: { type: Number, default: 0 },
    /** The place of the current row. */
    current: { type: Number, default: 0 },
    /** Something else stands in the place of the rows. */
    isEmpty: Boolean,
  },
  emits: ["lost"],
  setup(props, { slots, emit, expose }) {
    const top = ref(0);
    const viewHeight = ref(measured.view);
    const rowHeight = ref(measured.row);
    const isPrinting = ref(false);
    /** Rows that come while somebody scrolls fast show their titles alone, so that the titles keep up. */
    const isFast = ref(false);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let resting;
    /** Which rows stand there with all that they show. @type {Set<string>} */
    let whole = new Set();
    /** @type {HTMLElement | null} */
    let scroller = null;
    /** @type {HTMLElement | null} */
    let probe = null;
    /** @type {HTMLElement | null} */
    let list = null;
    /** @type {ResizeObserver | undefined} */
    let observer;

    async function measure() {
      if (!scroller || !probe) return;
      viewHeight.value = measured.view = scroller.clientHeight;
      const height = measured.row = Math.max(16, probe.getBoundingClientRect().height);
      if (height === rowHeight.value) return;
      // The same rows stay in sight when rows become higher or lower.
      const place = scroller.scrollTop / rowHeight.value;
      rowHeight.value = height;
      await nextTick();
      scroller.scrollTop = place * height;
    }
    const print = (/** @type {Event} */ event) => void (isPrinting.value = event.type === "beforeprint");
    onMounted(() => {
      // It measures for the first time before anything is painted.
      observer = new ResizeObserver(measure);
      if (scroller) observer.observe(scroller);
      if (probe) observer.observe(probe);
      addEventListener("beforeprint", print);
      addEventListener("afterprint", print);
    });
    onUnmounted(() => {
      observer?.disconnect();
      clearTimeout(resting);
      removeEventListener("beforeprint", print);
      removeEventListener("afterprint", print);
    });

    /** The same object for a place each time, so that its row need not be drawn again. @type {Map<number, Record<string, string>>} */
    const styles = new Map();
    /** The style sheet makes pixels of it: rows that become higher or lower are not drawn again for it. @param {number} place */
    function styleAt(place) {
      let style = styles.get(place);
      if (!style) styles.set(place, style = { "--place": String(place) });
      return style;
    }

    /** Scrolls as little as needed. @param {number} place */
    function reveal(place) {
      if (!scroller) return;
      const start = place * rowHeight.value;
      const end = start + rowHeight.value;
      if (start < scroller.scrollTop) scroller.scrollTop = start;
      else if (end > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = end - scroller.clientHeight;
      top.value = scroller.scrollTop;
    }

    const elementAt = (
      /** @type {number} */ place,
    ) => /** @type {HTMLElement | null} */ (list?.querySelector(`[data-row="${CSS.escape(props.rows[place]?.key ?? "")}"]`) ?? null);

    /** @param {number} place */
    async function focus(place) {
      reveal(place);
      await nextTick();
      /** @type {HTMLElement | null | undefined} */
      (elementAt(place)?.querySelector("[data-focus]"))?.focus({ preventScroll: true });
    }
    expose({ focus, reveal, elementAt, hasFocus: () => Boolean(list?.contains(document.activeElement)) });

    // A row that has the focus may go: its neighbour gets it.
    watch(() => props.rows, async () => {
      if (!list?.contains(document.activeElement)) return;
      await nextTick();
      if (document.activeElement === document.body || !document.activeElement) emit("lost");
    });

    function scroll() {
      const now = scroller?.scrollTop ?? 0;
      if (Math.abs(now - top.value) > fast * rowHeight.value) isFast.value = true;
      top.value = now;
      if (!isFast.value) return;
      clearTimeout(resting);
      resting = setTimeout(() => void (isFast.value = false), rest);
    }

    // What exists changes when a row comes into sight, not with every pixel.
    const around = () => isFast.value ? 1 : spare;
    const first = computed(() => isPrinting.value ? 0 : Math.max(0, Math.floor(top.value / rowHeight.value) - around()));
    const end = computed(() => isPrinting.value ? printed : Math.ceil((top.value + viewHeight.value) / rowHeight.value) + around());

    return () => {
      const count = props.rows.length;
      const places = [];
      for (let place = first.value; place < Math.min(count, end.value); place++) places.push(place);
      if (count && (props.current < first.value || props.current >= end.value)) places.push(Math.min(props.current, count - 1));
      const isBare = (/** @type {number} */ place) => isFast.value && place !== props.current && !whole.has(props.rows[place].key);
      const bare = places.filter(isBare);
      whole = new Set(places.filter((place) => !bare.includes(place)).map((place) => props.rows[place].key));
      return h("section", {
        "aria-label": t("tasks"),
        class: "rows-scroll",
        "data-scroller": "",
        ref: (/** @type {any} */ found) => void (scroller = found ?? scroller),
        onScroll: scroll,
      }, [
        h("div", { class: "row-probe", "aria-hidden": "true", ref: (/** @type {any} */ found) => void (probe = found ?? probe) }),
        props.isEmpty ? slots.empty?.() : h("ul", {
          class: "rows",
          role: "list",
          style: { "--places": String(Math.max(count, props.expected)) },
          ref: (/** @type {any} */ found) => void (list = found),
        }, places.flatMap((place) => slots.default?.(props.rows[place], place, styleAt(place), bare.includes(place)))),
      ]);
    };
  },
});
