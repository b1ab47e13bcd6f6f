// How a secret that we gave out is stored: hashed, so that nobody can use what is in the database.
import Crypto

/// SHA-256 of a token, a link or a cookie of 256 random bits. For passwords, which can be guessed, there is `PasswordHasher`.
package func secretHash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }
