// Downloads a file that needs a log-in: the server makes a link that is good for a minute, and the browser follows it, whatever the page does meanwhile.
import { post } from "./api.js";
import { tellFailure } from "./notices.js";

/** @param {string} path with its query, from /api/v1 on */
export async function download(path) {
  try {
    const { data } = await post("/downloads", { path });
    const link = Object.assign(document.createElement("a"), { href: data.url, download: "" });
    document.body.append(link);
    link.click();
    link.remove();
    return true;
  } catch (error) {
    tellFailure(error);
    return false;
  }
}
