// The sections of a view that has several, each with an address.
import { Link } from "../core/router.js";
import { h } from "../vue.js";
import { Icon } from "./Icon.js";

/** @param {{ label: string, links: { to: string, label: string, icon: string, isCurrent: boolean }[] }} props */
export const SubNav = ({ label, links }) =>
  h(
    "nav",
    { class: "sub-nav", "aria-label": label },
    h(
      "ul",
      links.map((link) =>
        h(
          "li",
          { key: link.to },
          h(Link, { to: link.to, class: "nav-link", "aria-current": link.isCurrent ? "page" : undefined }, () => [
            h(Icon, { name: link.icon }),
            h("span", link.label),
          ]),
        )
      ),
    ),
  );
SubNav.props = ["label", "links"];
