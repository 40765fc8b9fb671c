# 邮件是纯文本。$brand 是服务器的运营方，$name 是账号的名称。
mail-reset-subject = { $brand }：请设置新密码
mail-reset-asked = 有人（希望是您本人）在 { $brand } 表示忘记了账号 { $name } 的密码。
mail-reset-asked-several = 有人（希望是您本人）在 { $brand } 表示忘记了使用此地址的账号的密码。使用此地址的账号有多个，请为您所指的账号（或每个账号）设置新密码：
mail-reset-choose = 请在此设置新密码：
mail-reset-lasts = 此链接在 { $span } 内有效，且只能使用一次。请勿转发：持有链接的人可以设置密码。
mail-reset-not-you = 如果不是您本人，则无需任何操作：您的密码不会改变。
mail-sign-up-subject = { $brand }：您的账号
mail-sign-up-asked = 有人（希望是您本人）想在 { $brand } 用此地址创建账号。
mail-sign-up-choose = 请在此设置名称和密码：
mail-sign-up-lasts = 此链接在 { $span } 内有效，且只能使用一次。请勿转发：持有链接的人可以创建账号。
mail-sign-up-not-you = 如果不是您本人，则无需任何操作：不会创建账号。
mail-sign-up-known = 有人（希望是您本人）想在 { $brand } 用此地址创建账号。您已有账号 { $name }，请直接登录。如果忘记了密码：
mail-sign-up-known-several = 有人（希望是您本人）想在 { $brand } 用此地址创建账号。您已有多个账号，请用其中之一登录；如果忘记了密码，请设置新密码：
mail-invitation-subject = { $brand }：邀请您使用
mail-invitation-what = { $brand } 已为您建立账号，名称是 { $name }。
mail-invitation-choose = 请在此设置您的密码：
mail-invitation-not-you = 如果您不清楚此事，则无需任何操作：在设置密码之前，任何人都无法登录该账号。
